import './style.css'
import './ui/theme'
import './ui/matthan-app'
